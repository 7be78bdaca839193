package postern.accounts.web;

import java.util.List;
import postern.accounts.CreateUsers;
import postern.accounts.CreateUsers.Created;
import postern.accounts.DeleteUser;
import postern.accounts.RestoreUser;
import postern.accounts.UpdateUser;
import postern.accounts.User;
import postern.accounts.Users;
import postern.accounts.Users.UserWithWallet;
import postern.core.UserId;
import postern.http.Access;
import postern.http.Answer;
import postern.http.Call;
import postern.http.Route;

/** The routes of single users. */
public final class UsersApi {
  private final Users users;
  private final UserViews views;
  private final CreateUsers createUsers;
  private final UpdateUser updateUser;
  private final DeleteUser deleteUser;
  private final RestoreUser restoreUser;

  public UsersApi(
      Users users,
      UserViews views,
      CreateUsers createUsers,
      UpdateUser updateUser,
      DeleteUser deleteUser,
      RestoreUser restoreUser) {
    this.users = users;
    this.views = views;
    this.createUsers = createUsers;
    this.updateUser = updateUser;
    this.deleteUser = deleteUser;
    this.restoreUser = restoreUser;
  }

  public List<Route> routes() {
    Access access = Access.PRODUCTION_KEY;
    return List.of(
        new Route("GET", "/v2/users", access, call -> view(call, call.caller().user())),
        new Route("POST", "/v2/users", access, this::create),
        new Route("PUT", "/v2/users", access, call -> update(call, call.caller().user())),
        new Route("PATCH", "/v2/users", access, call -> update(call, call.caller().user())),
        new Route("GET", "/v2/users/{id}", access, call -> view(call, Caller.userIn(call))),
        new Route("PUT", "/v2/users/{id}", access, call -> update(call, Caller.userIn(call))),
        new Route("PATCH", "/v2/users/{id}", access, call -> update(call, Caller.userIn(call))),
        new Route("DELETE", "/v2/users/{id}", access, this::delete),
        new Route("POST", "/v2/users/{id}/restore", access, this::restore));
  }

  private Answer view(Call call, UserId id) {
    return views
        .find(call.caller(), id)
        .map(json -> Answer.bytes(200, Answer.JSON, json))
        .orElseGet(() -> streamed(users.get(call.caller(), id)));
  }

  private Answer streamed(UserWithWallet parent) {
    return Answer.json(
        200,
        out ->
            UserJson.write(
                out,
                parent,
                array ->
                    users.forEachBatchOfChildren(
                        parent.user().id(), batch -> UserJson.writeChildren(array, batch))));
  }

  private Answer create(Call call) {
    CreateUsers.Command command = UserParams.create(call.params().unwrap("user"));
    Created created = createUsers.run(call.caller(), command);
    return Answer.json(201, out -> ChildJson.writeCreated(out, created.user(), created.keys()));
  }

  private Answer update(Call call, UserId id) {
    updateUser.run(call.caller(), id, UserParams.update(call.params().unwrap("user")));
    return view(call, id);
  }

  private Answer delete(Call call) {
    deleteUser.run(call.caller(), Caller.userIn(call));
    return Answer.empty(204);
  }

  private Answer restore(Call call) {
    User restored = restoreUser.run(call.caller(), Caller.userIn(call));
    return Answer.json(200, out -> ChildJson.write(out, restored));
  }
}
